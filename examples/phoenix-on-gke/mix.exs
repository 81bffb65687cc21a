defmodule Shop.Umbrella.MixProject do
  use Mix.Project

  def project do
    [
      apps_path: "apps",
      version: "1.0.0",
      elixir: "~> 1.14",
      start_permanent: Mix.env() == :prod,
      deps: [],
      releases: [
        shop: [
          applications: [shop: :permanent, shop_web: :permanent],
          include_executables_for: [:unix]
        ]
      ]
    ]
  end
end
