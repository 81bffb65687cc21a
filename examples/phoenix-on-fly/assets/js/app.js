const form = document.querySelector('#ask');
const output = document.querySelector('#answer');

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  output.textContent = '…';
  const response = await fetch('/ask', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: new FormData(form).get('prompt') }),
  });
  const { answer, error } = await response.json();
  output.textContent = answer ?? error;
});
