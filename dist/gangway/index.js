#!/usr/bin/env node
'use strict';
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 1)) { console.error('gangway needs Node 22.1 or newer, and this is ' + process.version + '. Install a newer one: https://nodejs.org'); process.exitCode = 2; }
else import('./main.mjs');
