defmodule ShopWeb.Endpoint do
  use Phoenix.Endpoint, otp_app: :shop_web

  plug Plug.Static, at: "/", from: :shop_web, gzip: true, only: ~w(assets)
  plug Plug.RequestId
  plug Plug.Parsers, parsers: [:json], pass: ["application/json"], json_decoder: Phoenix.json_library()
  plug ShopWeb.Router
end
