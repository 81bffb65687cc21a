defmodule Shop.Orders do
  @moduledoc "Orders, as the database has them."
  import Ecto.Query
  alias Shop.Repo

  @doc "Places an order. Returns its id."
  def place(item) when is_binary(item) and item != "" do
    {1, [%{id: id}]} =
      Repo.insert_all("orders", [%{item: item, placed_at: DateTime.utc_now()}], returning: [:id])

    id
  end

  @doc "The newest orders first, twenty at most."
  def newest do
    Repo.all(from o in "orders", select: %{id: o.id, item: o.item}, order_by: [desc: o.id], limit: 20)
  end

  @doc "Whether the database answers."
  def ready?, do: match?({:ok, _}, Repo.query("select 1"))
end
