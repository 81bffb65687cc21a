/** The pages that Google's front end answers with where no container is asked. */
export function page(status: keyof typeof TEXTS, path: string): string {
  const [title, text] = TEXTS[status];
  const url = path.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<html><head>
<meta http-equiv="content-type" content="text/html;charset=utf-8">
<title>${status} ${title}</title>
</head>
<body text=#000000 bgcolor=#ffffff>
<h1>Error: ${title}</h1>
<h2>${text.replace('URL', `URL <code>${url}</code>`)}</h2>
<h2></h2>
</body></html>
`;
}

const TEXTS = {
  400: ['Bad Request', 'Your client has issued a malformed or illegal request.'],
  401: ['Unauthorized', 'Your client does not have permission to the requested URL.'],
  403: ['Forbidden', 'Your client does not have permission to get URL from this server.'],
  413: ['Request Entity Too Large', 'Your client issued a request that was too large.'],
  501: ['Not Implemented', 'The server does not support the functionality that your request needs.'],
  503: [
    'Service Unavailable',
    'The service you requested is not available at this time.<p>Service error -27.',
  ],
  504: [
    'Gateway Timeout',
    'The request has been terminated because it has reached the maximum request timeout.',
  ],
} as const;
