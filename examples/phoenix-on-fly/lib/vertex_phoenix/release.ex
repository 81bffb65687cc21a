defmodule VertexPhoenix.Release do
  @moduledoc "What a release does without the app running: `bin/vertex_phoenix eval VertexPhoenix.Release.migrate`."

  @doc "Runs the migrations that are not there yet. Ecto locks them: machines that start together do not run one twice."
  def migrate do
    Application.load(:vertex_phoenix)

    for repo <- Application.fetch_env!(:vertex_phoenix, :ecto_repos) do
      {:ok, _, _} = Ecto.Migrator.with_repo(repo, &Ecto.Migrator.run(&1, :up, all: true))
    end
  end
end
