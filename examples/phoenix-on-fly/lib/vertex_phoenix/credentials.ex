defmodule VertexPhoenix.Credentials do
  @moduledoc """
  The source for Goth, by the file that `GOOGLE_APPLICATION_CREDENTIALS` names: on Fly.io the configuration that `fly-deploy` writes;
  on a laptop what `gcloud auth application-default login` wrote, or the key of an account of the local cloud.
  """
  alias VertexPhoenix.FlyIdentity

  @doc "A `:source` of Goth (https://hexdocs.pm/goth)."
  def source(path \\ path()) do
    case path |> File.read!() |> Jason.decode!() do
      %{"type" => "external_account"} -> FlyIdentity.source(path)
      %{"type" => "authorized_user"} = credentials -> {:refresh_token, credentials}
      %{"type" => "service_account"} = credentials -> {:service_account, credentials, url: credentials["token_uri"]}
    end
  end

  defp path do
    System.get_env("GOOGLE_APPLICATION_CREDENTIALS") ||
      Path.expand("~/.config/gcloud/application_default_credentials.json")
  end
end
