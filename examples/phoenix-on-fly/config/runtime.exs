import Config

if System.get_env("PHX_SERVER"), do: config(:vertex_phoenix, VertexPhoenixWeb.Endpoint, server: true)

# On Fly.io, app and port are in the environment; on a laptop the host is this one.
app = System.get_env("FLY_APP_NAME")
port = String.to_integer(System.get_env("PORT", "4000"))
host = System.get_env("PHX_HOST") || (app && "#{app}.fly.dev")
url = if host, do: [host: host, port: 443, scheme: "https"], else: [host: "localhost", port: port]

config :vertex_phoenix, VertexPhoenix.Repo,
  url: System.fetch_env!("DATABASE_URL"),
  # Fly's private network is IPv6.
  socket_options: if(System.get_env("ECTO_IPV6"), do: [:inet6], else: []),
  pool_size: String.to_integer(System.get_env("POOL_SIZE", "5"))

config :vertex_phoenix, VertexPhoenixWeb.Endpoint,
  url: url,
  http: [ip: {0, 0, 0, 0, 0, 0, 0, 0}, port: port],
  secret_key_base: System.fetch_env!("SECRET_KEY_BASE")

config :vertex_phoenix, VertexPhoenix.Vertex,
  project: System.get_env("GOOGLE_CLOUD_PROJECT"),
  location: System.get_env("VERTEX_LOCATION", "global"),
  model: System.get_env("VERTEX_MODEL", "gemini-3.5-flash"),
  # As Google's own SDKs call it; the local cloud is there.
  base_url: System.get_env("GOOGLE_VERTEX_BASE_URL")
