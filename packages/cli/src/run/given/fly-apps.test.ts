import { expect, it } from 'vitest';
import { flyAppsIn } from './fly-apps.ts';

const TOML = 'app = "shop" # ours\nprimary_region = "iad"\n\n[env]\n  app = "none"\n';

it.each([
  ['its file', 'run: flyctl deploy --remote-only', [TOML], ['shop']],
  [
    'its file, as JSON and YAML',
    'run: fly deploy',
    ['{ "app": "one" }', "app: 'two'\nenv: {}\n"],
    ['one', 'two'],
  ],
  ['a flag', 'run: flyctl deploy --config a.toml --app shop-staging', [], ['shop-staging']],
  ['a short flag', 'run: fly deploy -a shop', [], ['shop']],
  ['its variable', 'env:\n  FLY_APP: shop\n', [], ['shop']],
  ['an input', '- uses: gangway-dev/gangway/actions/fly-deploy@v1\n  with:\n    app: shop\n', [], ['shop']],
])('finds an app by %s', (_, text, configs, names) => {
  expect(flyAppsIn(text, configs)).toEqual(names);
});

it.each([
  ['has nothing to do with Fly.io', 'run: docker build .', [TOML]],
  ['makes the app itself', 'run: flyctl apps create shop && flyctl deploy', [TOML]],
  ['makes one of a name that is not known before', 'run: |\n  fly launch --name $APP\n  fly deploy', [TOML]],
])('finds none where a workflow %s', (_, text, configs) => {
  expect(flyAppsIn(text, configs)).toEqual([]);
});
