# Fetches an access token for each line on standard input, by the calls that Goth.Token makes for a workload identity
# (goth 1.4, lib/goth/token.ex): the subject token from the credential source, the exchange, the impersonation. Goth itself comes from
# hex.pm, which a test without network can't ask.
# Finch and Jason are not here, nor used.
Code.put_compiler_option(:no_warn_undefined, :all)
Code.require_file(hd(System.argv()))
alias VertexPhoenix.FlyIdentity

defmodule Network do
  def request(options) do
    headers = for {name, value} <- options[:headers], do: {to_charlist(name), to_charlist(value)}
    type = to_charlist(Map.new(options[:headers])["Content-Type"] || "text/json")
    request = {to_charlist(options[:url]), headers, type, options[:body]}
    {:ok, {{_, status, _}, headers, body}} = :httpc.request(options[:method], request, [], body_format: :binary)
    {:ok, %{status: status, headers: headers, body: body}}
  end
end

defmodule Json do
  # The flat objects of strings that are read here.
  def decode(text) do
    for [_, name, value] <- Regex.scan(~r/"([^"]+)"\s*:\s*"([^"]*)"/, text), into: %{}, do: {name, value}
  end
end

{:ok, _} = Application.ensure_all_started(:inets)
scope = "https://www.googleapis.com/auth/cloud-platform"
request = fn options -> FlyIdentity.request(options ++ [over_network: &Network.request/1]) end

token = fn ->
  {:workload_identity, credentials} = FlyIdentity.source(System.fetch_env!("GOOGLE_APPLICATION_CREDENTIALS"), &Json.decode/1)
  %{"url" => url, "headers" => headers, "format" => %{"type" => "text"}} = credentials["credential_source"]

  {:ok, %{status: 200, body: subject}} =
    request.(method: :get, url: url, headers: Enum.to_list(headers), body: "")

  form =
    URI.encode_query(%{
      "audience" => credentials["audience"],
      "grant_type" => "urn:ietf:params:oauth:grant-type:token-exchange",
      "requested_token_type" => "urn:ietf:params:oauth:token-type:access_token",
      "scope" => scope,
      "subject_token_type" => credentials["subject_token_type"],
      "subject_token" => subject
    })

  headers = [{"Content-Type", "application/x-www-form-urlencoded"}]
  {:ok, %{status: 200, body: body}} = request.(method: :post, url: credentials["token_url"], headers: headers, body: form)
  %{"access_token" => federated, "token_type" => type} = Json.decode(body)
  headers = [{"content-type", "text/json"}, {"Authorization", "#{type} #{federated}"}]
  body = ~s({"scope":["#{scope}"]})

  {:ok, %{status: 200, body: body}} =
    request.(method: :post, url: credentials["service_account_impersonation_url"], headers: headers, body: body)

  Json.decode(body)["accessToken"]
end

for _ <- IO.stream(:stdio, :line), do: IO.puts("ok " <> token.())
