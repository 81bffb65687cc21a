import { useEffect, useState } from 'react';
import { createRoot } from 'react-dom/client';

function Greeting() {
  const [text, setText] = useState('…');
  useEffect(() => {
    fetch('/greeting')
      .then((response) => response.json())
      .then(({ greeting }) => setText(greeting));
  }, []);
  return <h1>{text}</h1>;
}

createRoot(document.getElementById('root')).render(<Greeting />);
