defmodule VertexPhoenix.MixProject do
  use Mix.Project

  def project do
    [
      app: :vertex_phoenix,
      version: "1.0.0",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: deps(),
      releases: [vertex_phoenix: [include_executables_for: [:unix]]]
    ]
  end

  def application do
    [mod: {VertexPhoenix.Application, []}, extra_applications: [:logger, :runtime_tools]]
  end

  defp deps do
    [
      {:bandit, "~> 1.5"},
      {:ecto_sql, "~> 3.12"},
      {:finch, "~> 0.19"},
      {:goth, "~> 1.4"},
      {:jason, "~> 1.4"},
      {:phoenix, "~> 1.7"},
      {:postgrex, "~> 0.19"}
    ]
  end
end
