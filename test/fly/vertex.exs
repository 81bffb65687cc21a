# Asks Vertex AI by the example's own module, a question for each line on standard input: location, model, prompt. Goth, Finch and Jason
# come from hex.pm, which a test without network can't ask; what stands here in place of them is as much as the module calls.
defmodule Goth do
  def fetch(_), do: {:ok, %{token: System.fetch_env!("TOKEN")}}
end

defmodule Finch do
  def build(method, url, headers, body) do
    {method, {to_charlist(url), for({name, value} <- headers, do: {to_charlist(name), to_charlist(value)}), 'application/json', body}}
  end

  def request({method, request}, _, _) do
    {:ok, {{_, status, _}, _, body}} = :httpc.request(method, request, [], body_format: :binary)
    {:ok, %{status: status, body: body}}
  end
end

defmodule Jason do
  def encode!(%{} = map), do: "{" <> Enum.map_join(map, ",", fn {key, value} -> ~s("#{key}":) <> encode!(value) end) <> "}"
  def encode!(list) when is_list(list), do: "[" <> Enum.map_join(list, ",", &encode!/1) <> "]"
  def encode!(text), do: inspect(text)

  # JSON is nearly a term of Elixir's.
  def decode("{" <> _ = text) do
    {term, _} = text |> String.replace("{", "%{") |> String.replace(~r/"\s*:/, "\" =>") |> Code.eval_string()
    {:ok, term}
  end

  def decode(_), do: {:error, :invalid}
end

{:ok, _} = Application.ensure_all_started(:inets)
[file, base_url] = System.argv()
Code.require_file(file)

for line <- IO.stream(:stdio, :line) do
  [location, model, prompt] = line |> String.trim() |> String.split(" ", parts: 3)
  config = [project: "demo-project", location: location, model: model]
  Application.put_env(:vertex_phoenix, VertexPhoenix.Vertex, config ++ [base_url: base_url])
  {kind, text} = VertexPhoenix.Vertex.ask(prompt)
  IO.puts("#{kind} #{text}")
  IO.puts(VertexPhoenix.Vertex.url(Map.new(config)) |> URI.parse() |> Map.fetch!(:host))
end
