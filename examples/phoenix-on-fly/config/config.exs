import Config

config :vertex_phoenix, ecto_repos: [VertexPhoenix.Repo]

config :vertex_phoenix, VertexPhoenixWeb.Endpoint,
  adapter: Bandit.PhoenixAdapter,
  url: [host: "localhost"],
  render_errors: [formats: [json: VertexPhoenixWeb.ErrorJSON], layout: false]

config :phoenix, :json_library, Jason
