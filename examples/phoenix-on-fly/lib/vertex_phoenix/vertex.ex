defmodule VertexPhoenix.Vertex do
  @moduledoc "Asks a model of Vertex AI (https://cloud.google.com/vertex-ai/generative-ai/docs/reference/rest)."

  @versions "https://cloud.google.com/vertex-ai/generative-ai/docs/learn/model-versions"

  @doc """
  The model's answer to a prompt: `{:ok, text}`; `{:blocked, why}` where the model or its filters gave none; `{:error, why}` where
  Vertex AI could not be asked.
  """
  def ask(prompt) do
    config = Map.new(Application.fetch_env!(:vertex_phoenix, __MODULE__))

    if config.project, do: ask(prompt, config), else: {:error, "GOOGLE_CLOUD_PROJECT is not set"}
  end

  defp ask(prompt, config) do
    body = Jason.encode!(%{contents: [%{role: "user", parts: [%{text: prompt}]}]})

    with {:ok, %{token: token}} <- Goth.fetch(VertexPhoenix.Goth),
         headers = [{"authorization", "Bearer " <> token}, {"content-type", "application/json"}],
         request = Finch.build(:post, url(config), headers, body),
         {:ok, %{status: status, body: answer}} <-
           Finch.request(request, VertexPhoenix.Finch, receive_timeout: 60_000) do
      read(status, decode(answer), config)
    else
      {:error, exception} -> {:error, Exception.message(exception)}
    end
  end

  @doc "Where the model is asked."
  def url(%{project: project, location: location, model: model} = config) do
    base = config[:base_url] || "https://" <> host(location)

    "#{base}/v1/projects/#{project}/locations/#{location}/publishers/google/models/#{model}:generateContent"
  end

  # https://cloud.google.com/vertex-ai/generative-ai/docs/learn/locations
  defp host("global"), do: "aiplatform.googleapis.com"
  defp host(location) when location in ["us", "eu"], do: "aiplatform.#{location}.rep.googleapis.com"
  defp host(region), do: "#{region}-aiplatform.googleapis.com"

  # A proxy on the way may answer with a page.
  defp decode(body) do
    case Jason.decode(body) do
      {:ok, %{} = answer} -> answer
      _ -> %{}
    end
  end

  # What is blocked comes with status 200, too: without candidates, or with one that says why it ended.
  defp read(200, %{"candidates" => [candidate | _]}, _) do
    parts = get_in(candidate, ["content", "parts"]) || []
    text = for %{"text" => text} = part <- parts, !part["thought"], into: "", do: text

    case candidate["finishReason"] do
      reason when reason in [nil, "STOP", "MAX_TOKENS"] and text != "" -> {:ok, text}
      reason -> {:blocked, "The model gave no answer: #{reason || "it has no text"}"}
    end
  end

  defp read(200, %{"promptFeedback" => %{"blockReason" => reason}}, _),
    do: {:blocked, "The prompt was blocked: #{reason}"}

  defp read(200, _, _), do: {:blocked, "The model gave no answer"}

  # In the same words for a model that never was, was retired, or is served elsewhere.
  defp read(404, _, %{model: model, location: location}) do
    {:error,
     "Vertex AI has no model #{model} in #{location}. It may have been retired: set VERTEX_MODEL to one of #{@versions}"}
  end

  defp read(status, answer, _),
    do: {:error, "Vertex AI answered #{status}: #{get_in(answer, ["error", "message"])}"}
end
