#!/usr/bin/env node
var version = process.versions.node.split('.').map(Number);
var light = process.argv[2] === 'openapi';
if (version[0] >= 24) import(light ? './openapi.mjs' : './main.mjs');
else if (light && (version[0] > 22 || (version[0] === 22 && version[1] >= 1))) import('./openapi.mjs');
else import('./node.cjs').then(function (node) { node.default.start(); });
