import Config

if System.get_env("PHX_SERVER"), do: config(:shop_web, ShopWeb.Endpoint, server: true)

port = String.to_integer(System.get_env("PORT", "4000"))
host = System.get_env("PHX_HOST")
url = if host, do: [host: host, port: 443, scheme: "https"], else: [host: "localhost", port: port]

config :shop, Shop.Repo,
  url: System.fetch_env!("DATABASE_URL"),
  pool_size: String.to_integer(System.get_env("POOL_SIZE", "5"))

config :shop_web, ShopWeb.Endpoint,
  url: url,
  http: [ip: {0, 0, 0, 0, 0, 0, 0, 0}, port: port],
  secret_key_base: System.fetch_env!("SECRET_KEY_BASE")
