defmodule VertexPhoenix.Repo.Migrations.CreateQuestions do
  use Ecto.Migration

  def change do
    create table(:questions) do
      add :prompt, :text, null: false
      add :answer, :text, null: false
      add :asked_at, :utc_datetime_usec, null: false
    end
  end
end
