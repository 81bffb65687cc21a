defmodule VertexPhoenix.Application do
  @moduledoc false
  use Application
  alias VertexPhoenix.{Credentials, FlyIdentity}

  @impl true
  def start(_type, _args) do
    children = [
      VertexPhoenix.Repo,
      {Finch, name: VertexPhoenix.Finch},
      # Fetches a token as it starts and a new one five minutes before it ends; while Google can't be had, the rest works.
      {Goth,
       name: VertexPhoenix.Goth,
       source: Credentials.source(),
       http_client: &FlyIdentity.request/1,
       prefetch: :async},
      VertexPhoenixWeb.Endpoint
    ]

    Supervisor.start_link(children, strategy: :one_for_one, name: VertexPhoenix.Supervisor)
  end
end
