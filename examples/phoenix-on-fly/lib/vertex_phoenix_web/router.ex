defmodule VertexPhoenixWeb.Router do
  use Phoenix.Router, helpers: false

  get "/healthz", VertexPhoenixWeb.AskController, :health
  get "/", VertexPhoenixWeb.AskController, :index
  post "/ask", VertexPhoenixWeb.AskController, :ask
end
