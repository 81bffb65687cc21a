defmodule ShopWeb.Router do
  use Phoenix.Router, helpers: false

  get "/healthz", ShopWeb.OrderController, :health
  get "/", ShopWeb.OrderController, :page
  get "/orders", ShopWeb.OrderController, :index
  post "/orders", ShopWeb.OrderController, :create
end
