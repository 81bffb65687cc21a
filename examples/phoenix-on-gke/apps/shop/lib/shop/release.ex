defmodule Shop.Release do
  @moduledoc "What a release does without the app running: `bin/shop eval Shop.Release.migrate`."

  @doc "Runs the migrations that are not there yet. Ecto locks them: jobs that start together do not run one twice."
  def migrate do
    Application.load(:shop)

    for repo <- Application.fetch_env!(:shop, :ecto_repos) do
      {:ok, _, _} = Ecto.Migrator.with_repo(repo, &Ecto.Migrator.run(&1, :up, all: true))
    end
  end
end
