'use strict';
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 1)) { console.log('::error::This action needs Node 22.1 or newer, and the runner started it with ' + process.version + '.%0ATo fix it: update the runner to 2.327.1 or newer, which brings Node 24 along; with act, put Node 24 first on the PATH of the image.'); process.exitCode = 1; }
else { if (version[0] < 24) console.log('::warning::This action is made for Node 24, and the runner started it with ' + process.version + '. It may fail where it should not.%0ATo fix it: update the runner to 2.327.1 or newer, which brings Node 24 along; with act, put Node 24 first on the PATH of the image.'); require('./main.js'); }
