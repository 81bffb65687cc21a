import { gcloudPython } from './gcloud-python.ts';

/** Reads texts as `gcloud run services replace` does before it sends a request: its YAML, and its messages of the API v1. */
const READER = `
import json, sys, warnings
warnings.simplefilter('ignore')
sys.path[:0] = [sys.argv[1] + '/lib', sys.argv[1] + '/lib/third_party']
from googlecloudsdk.core import yaml
from googlecloudsdk.api_lib.util import apis, messages
from apitools.base.py import encoding
api = apis.GetMessagesModule('run', 'v1')
answers = []
for text in json.loads(sys.argv[2]):
    try:
        described = dict(yaml.load(text))
        described.pop('status', None)
        metadata = described.get('metadata') or {}
        if metadata.get('namespace') is not None: metadata['namespace'] = str(metadata['namespace'])
        kind = api.Job if described.get('kind') == 'Job' else api.Service
        read = messages.DictToMessageWithErrorCheck(described, kind)
        answers.append({'read': encoding.MessageToPyValue(read)})
    except Exception as error:
        answers.append({'error': str(error) or type(error).__name__})
print(json.dumps(answers))
`;

/** What gcloud reads in a text: the resource, or why it refuses the text. */
export type GcloudReading = { readonly read: object } | { readonly error: string };

/** What the gcloud that is installed reads in each of some YAML texts. */
export function gcloudReads(texts: readonly string[]): Promise<readonly GcloudReading[]> {
  return gcloudPython(READER, JSON.stringify(texts));
}
