[
  inputs: ["*.exs", "config/*.exs", "apps/*/mix.exs", "apps/*/{lib,priv}/**/*.{ex,exs}"],
  line_length: 110,
  locals_without_parens: [create: 1, add: 2, add: 3, get: 3, post: 3, plug: 1, plug: 2]
]
