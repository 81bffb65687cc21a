defmodule VertexPhoenix.FlyIdentity do
  @moduledoc """
  Google credentials from the identity of this Fly.io machine: no key, no sidecar.

  Goth exchanges a subject token for an access token whenever it needs one, and fetches both through its `:http_client`. The
  one here sends what is meant for Fly's socket there, so that each exchange starts from a token that was made for it; all
  else goes over the network.

      {Goth, name: VertexPhoenix.Goth, source: FlyIdentity.source(path), http_client: &FlyIdentity.request/1}

  See https://fly.io/docs/security/openid-connect/ and `Goth.Token.fetch/1`.
  """

  # Stands for the socket; no such host is ever asked.
  @subject_token_url "http://fly-machine.invalid/v1/tokens/oidc"
  @socket "/.fly/api"
  @timeout 10_000

  @doc """
  The source for Goth: an external account configuration, its subject token from the machine's socket wherever the configuration
  itself would take it from.
  """
  def source(path, decode \\ &Jason.decode!/1) do
    credentials = path |> File.read!() |> decode.()
    audience = Map.fetch!(credentials, "audience")

    {:workload_identity,
     Map.put(credentials, "credential_source", %{
       "url" => @subject_token_url,
       # Goth hands these on to the request, which is how it knows the audience.
       "headers" => %{"x-audience" => "https:" <> audience},
       "format" => %{"type" => "text"}
     })}
  end

  @doc """
  A `:http_client` of Goth: takes `:method`, `:url`, `:headers` and `:body`, returns `{:ok, %{status, headers, body}}` or
  `{:error, exception}`.
  """
  def request(options) do
    case Keyword.fetch!(options, :url) do
      @subject_token_url -> subject_token(Map.new(options[:headers])["x-audience"])
      _ -> Keyword.get(options, :over_network, &over_network/1).(options)
    end
  end

  defp subject_token(audience) do
    socket = System.get_env("FLY_API_SOCKET", @socket)
    body = ~s({"aud":"#{audience}"})

    request =
      "POST /v1/tokens/oidc HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n" <>
        "content-length: #{byte_size(body)}\r\nconnection: close\r\n\r\n" <> body

    # http_bin lets the VM parse the head of the answer.
    options = [:binary, active: false, packet: :http_bin]

    with {:ok, connection} <- :gen_tcp.connect({:local, socket}, 0, options, @timeout),
         :ok <- :gen_tcp.send(connection, request),
         {:ok, {:http_response, _, status, _}} <- :gen_tcp.recv(connection, 0, @timeout),
         {:ok, length} <- content_length(connection, nil),
         :ok <- :inet.setopts(connection, packet: :raw),
         {:ok, token} <- read(connection, length, "") do
      :gen_tcp.close(connection)
      {:ok, %{status: status, headers: [], body: token}}
    else
      {:error, reason} ->
        {:error, RuntimeError.exception("no OIDC token from #{socket}: #{:inet.format_error(reason)}")}
    end
  end

  defp content_length(connection, found) do
    case :gen_tcp.recv(connection, 0, @timeout) do
      {:ok, :http_eoh} ->
        {:ok, found}

      {:ok, {:http_header, _, :"Content-Length", _, value}} ->
        content_length(connection, String.to_integer(value))

      {:ok, _} ->
        content_length(connection, found)

      {:error, reason} ->
        {:error, reason}
    end
  end

  # Without a length, the answer ends with the connection.
  defp read(connection, nil, sofar) do
    case :gen_tcp.recv(connection, 0, @timeout) do
      {:ok, more} -> read(connection, nil, sofar <> more)
      {:error, :closed} -> {:ok, sofar}
      {:error, reason} -> {:error, reason}
    end
  end

  defp read(connection, length, _), do: :gen_tcp.recv(connection, length, @timeout)

  defp over_network(options) do
    Finch.build(options[:method], options[:url], options[:headers], options[:body])
    |> Finch.request(VertexPhoenix.Finch, receive_timeout: @timeout)
  end
end
