defmodule ShopWeb.OrderController do
  use Phoenix.Controller, formats: [:json]
  alias Shop.Orders

  @page """
  <!doctype html>
  <title>Shop</title>
  <form id="order"><input name="item" required><button>Order</button></form>
  <ol id="orders"></ol>
  <script src="/assets/app.js"></script>
  """

  @doc "Answers once the database does. The readiness probe asks it before anybody is sent here."
  def health(conn, _params) do
    if Orders.ready?(), do: text(conn, "ok"), else: conn |> put_status(503) |> text("no database")
  end

  def page(conn, _params), do: html(conn, @page)

  def index(conn, _params), do: json(conn, %{orders: Orders.newest()})

  def create(conn, %{"item" => item}) when is_binary(item) and item != "" do
    conn |> put_status(201) |> json(%{id: Orders.place(item)})
  end

  def create(conn, _params), do: conn |> put_status(400) |> json(%{error: "send {\"item\": \"…\"}"})
end
