defmodule VertexPhoenix.Repo do
  use Ecto.Repo, otp_app: :vertex_phoenix, adapter: Ecto.Adapters.Postgres
end
