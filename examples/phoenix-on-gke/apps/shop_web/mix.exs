defmodule ShopWeb.MixProject do
  use Mix.Project

  def project do
    [
      app: :shop_web,
      version: "1.0.0",
      build_path: "../../_build",
      config_path: "../../config/config.exs",
      deps_path: "../../deps",
      lockfile: "../../mix.lock",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: deps()
    ]
  end

  def application do
    [mod: {ShopWeb.Application, []}, extra_applications: [:logger, :runtime_tools]]
  end

  defp deps do
    [{:bandit, "~> 1.5"}, {:jason, "~> 1.4"}, {:phoenix, "~> 1.7"}, {:shop, in_umbrella: true}]
  end
end
