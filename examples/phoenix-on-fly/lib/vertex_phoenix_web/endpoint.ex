defmodule VertexPhoenixWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :vertex_phoenix

  plug Plug.Static, at: "/", from: :vertex_phoenix, gzip: true, only: ~w(assets)
  plug Plug.RequestId
  plug Plug.Parsers, parsers: [:json], pass: ["application/json"], json_decoder: Phoenix.json_library()
  plug VertexPhoenixWeb.Router
end
