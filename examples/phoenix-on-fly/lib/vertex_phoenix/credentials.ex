defmodule VertexPhoenix.Credentials do
  @moduledoc """
  The source for Goth, by the file that `GOOGLE_APPLICATION_CREDENTIALS` names: on Fly.io the configuration that `fly-deploy` writes, on
  a laptop what `gcloud auth application-default login` wrote, or what the local cloud did.
  """
  alias VertexPhoenix.FlyIdentity

  @token_url "https://oauth2.googleapis.com/token"

  @doc "A `:source` of Goth (https://hexdocs.pm/goth). Raises for a key of a service account: none is needed."
  def source(path \\ path()) do
    case path |> File.read!() |> Jason.decode!() do
      %{"type" => "external_account"} ->
        FlyIdentity.source(path)

      %{"type" => "authorized_user"} = credentials ->
        # gcloud's own variable for another endpoint; the local cloud sets it.
        {:refresh_token, credentials, url: System.get_env("CLOUDSDK_AUTH_TOKEN_HOST", @token_url)}

      %{"type" => type} ->
        raise "#{path} holds credentials of the type #{type}, not external_account or authorized_user"
    end
  end

  defp path do
    System.get_env("GOOGLE_APPLICATION_CREDENTIALS") ||
      Path.expand("~/.config/gcloud/application_default_credentials.json")
  end
end
