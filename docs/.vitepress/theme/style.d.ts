/** What Vite makes of a style sheet. */
declare module '*.css';
