defmodule Shop.Repo.Migrations.CreateOrders do
  use Ecto.Migration

  def change do
    create table(:orders) do
      add :item, :text, null: false
      add :placed_at, :utc_datetime_usec, null: false
    end
  end
end
