const form = document.querySelector('#order');
const list = document.querySelector('#orders');

async function show() {
  const { orders } = await (await fetch('/orders')).json();
  list.replaceChildren(
    ...orders.map(({ item }) => Object.assign(document.createElement('li'), { textContent: item })),
  );
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const body = JSON.stringify({ item: new FormData(form).get('item') });
  await fetch('/orders', { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  await show();
});

show();
