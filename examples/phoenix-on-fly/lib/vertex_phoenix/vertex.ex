defmodule VertexPhoenix.Vertex do
  @moduledoc "Asks a model of Vertex AI (https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest)."

  @doc "The model's answer to a prompt, or why there is none."
  def ask(prompt) do
    config = Application.fetch_env!(:vertex_phoenix, __MODULE__)
    host = host(config[:location])

    model =
      "projects/#{config[:project]}/locations/#{config[:location]}/publishers/google/models/#{config[:model]}"

    body = Jason.encode!(%{contents: [%{role: "user", parts: [%{text: prompt}]}]})

    with {:ok, %{token: token}} <- Goth.fetch(VertexPhoenix.Goth),
         headers = [{"authorization", "Bearer " <> token}, {"content-type", "application/json"}],
         request = Finch.build(:post, "https://#{host}/v1/#{model}:generateContent", headers, body),
         {:ok, %{status: 200, body: answer}} <-
           Finch.request(request, VertexPhoenix.Finch, receive_timeout: 60_000) do
      text_of(Jason.decode!(answer))
    else
      {:ok, %{status: 404}} ->
        {:error, "Vertex AI has no model #{config[:model]} in #{config[:location]}"}

      {:ok, %{status: status}} -> {:error, "Vertex AI answered #{status}"}
      {:error, exception} -> {:error, Exception.message(exception)}
    end
  end

  # The global endpoint has no location in its host.
  defp host("global"), do: "aiplatform.googleapis.com"
  defp host(location), do: "#{location}-aiplatform.googleapis.com"

  # A prompt or an answer that was blocked comes with status 200 and without text.
  defp text_of(%{"candidates" => [%{"content" => %{"parts" => parts}} | _]}),
    do: {:ok, Enum.map_join(parts, "", &Map.get(&1, "text", ""))}

  defp text_of(%{"promptFeedback" => %{"blockReason" => reason}}),
    do: {:error, "Vertex AI blocked the prompt: #{reason}"}

  defp text_of(%{"candidates" => [%{"finishReason" => reason} | _]}),
    do: {:error, "Vertex AI gave no text: #{reason}"}

  defp text_of(_), do: {:error, "Vertex AI gave no text"}
end
