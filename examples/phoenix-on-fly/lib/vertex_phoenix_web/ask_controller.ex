defmodule VertexPhoenixWeb.AskController do
  use Phoenix.Controller, formats: [:json]
  alias VertexPhoenix.{Repo, Vertex}

  @page """
  <!doctype html>
  <title>Ask</title>
  <form id="ask"><input name="prompt" required><button>Ask</button></form>
  <output id="answer"></output>
  <script src="/assets/app.js"></script>
  """

  @doc "Answers once the database does. Fly asks it before it sends anybody here."
  def health(conn, _params) do
    Repo.query!("select 1")
    text(conn, "ok")
  end

  def index(conn, _params), do: html(conn, @page)

  def ask(conn, %{"prompt" => prompt}) when is_binary(prompt) and prompt != "" do
    case Vertex.ask(prompt) do
      {:ok, answer} ->
        Repo.insert_all("questions", [%{prompt: prompt, answer: answer, asked_at: DateTime.utc_now()}])
        json(conn, %{answer: answer})

      # Nothing failed: the same prompt has the same answer tomorrow.
      {:blocked, why} ->
        conn |> put_status(422) |> json(%{error: why})

      {:error, why} ->
        conn |> put_status(502) |> json(%{error: why})
    end
  end

  def ask(conn, _params), do: conn |> put_status(400) |> json(%{error: "send {\"prompt\": \"…\"}"})
end
