/** The pages that Google's front end answers with where no container is asked. */
export function page(status: 401 | 403 | 503 | 504, path: string): string {
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
  401: ['Unauthorized', 'Your client does not have permission to the requested URL.'],
  403: ['Forbidden', 'Your client does not have permission to get URL from this server.'],
  503: [
    'Service Unavailable',
    'The service you requested is not available at this time.<p>Service error -27.',
  ],
  504: [
    'Gateway Timeout',
    'The request has been terminated because it has reached the maximum request timeout.',
  ],
} as const;
