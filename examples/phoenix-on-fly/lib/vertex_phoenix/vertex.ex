defmodule VertexPhoenix.Vertex do
  @moduledoc "Asks a model of Vertex AI (https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest)."

  @doc "The model's answer to a prompt, or why there is none."
  def ask(prompt) do
    config = Application.fetch_env!(:vertex_phoenix, __MODULE__)
    host = "#{config[:location]}-aiplatform.googleapis.com"

    model =
      "projects/#{config[:project]}/locations/#{config[:location]}/publishers/google/models/#{config[:model]}"

    body = Jason.encode!(%{contents: [%{role: "user", parts: [%{text: prompt}]}]})

    with {:ok, %{token: token}} <- Goth.fetch(VertexPhoenix.Goth),
         headers = [{"authorization", "Bearer " <> token}, {"content-type", "application/json"}],
         request = Finch.build(:post, "https://#{host}/v1/#{model}:generateContent", headers, body),
         {:ok, %{status: 200, body: answer}} <-
           Finch.request(request, VertexPhoenix.Finch, receive_timeout: 60_000) do
      %{"candidates" => [%{"content" => %{"parts" => parts}} | _]} = Jason.decode!(answer)
      {:ok, Enum.map_join(parts, "", &Map.get(&1, "text", ""))}
    else
      {:ok, %{status: status}} -> {:error, "Vertex AI answered #{status}"}
      {:error, exception} -> {:error, Exception.message(exception)}
    end
  end
end
