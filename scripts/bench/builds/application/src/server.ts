import express from 'express';
import { greeting } from './greeting.js';

const app = express();
app.use(express.static('public'));
app.get('/greeting', (_request, response) => {
  response.json({ greeting });
});
app.listen(Number(process.env.PORT ?? 8080));
