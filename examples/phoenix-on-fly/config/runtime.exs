import Config

if System.get_env("PHX_SERVER"), do: config(:vertex_phoenix, VertexPhoenixWeb.Endpoint, server: true)

if config_env() == :prod do
  app = System.get_env("FLY_APP_NAME", "vertex-phoenix")
  port = String.to_integer(System.get_env("PORT", "4000"))

  config :vertex_phoenix, VertexPhoenix.Repo,
    url: System.fetch_env!("DATABASE_URL"),
    # Fly's private network is IPv6.
    socket_options: if(System.get_env("ECTO_IPV6"), do: [:inet6], else: []),
    pool_size: String.to_integer(System.get_env("POOL_SIZE", "5"))

  config :vertex_phoenix, VertexPhoenixWeb.Endpoint,
    url: [host: System.get_env("PHX_HOST", "#{app}.fly.dev"), port: 443, scheme: "https"],
    http: [ip: {0, 0, 0, 0, 0, 0, 0, 0}, port: port],
    secret_key_base: System.fetch_env!("SECRET_KEY_BASE")

  config :vertex_phoenix, VertexPhoenix.Vertex,
    project: System.get_env("GOOGLE_CLOUD_PROJECT"),
    location: System.get_env("VERTEX_LOCATION", "us-central1"),
    model: System.get_env("VERTEX_MODEL", "gemini-2.5-flash")
end
