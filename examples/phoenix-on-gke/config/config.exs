import Config

config :shop, ecto_repos: [Shop.Repo]

config :shop_web, ShopWeb.Endpoint,
  adapter: Bandit.PhoenixAdapter,
  url: [host: "localhost"],
  render_errors: [formats: [json: ShopWeb.ErrorJSON], layout: false]

config :phoenix, :json_library, Jason
