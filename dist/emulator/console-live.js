import { useEffect, useRef, useState } from 'preact/hooks';

const BASE = '/_gangway/console/api/';
/** Milliseconds between looks at what there is, while nothing seems to change and after something has. */
const CALM = 4000;
const SOON = 250;
/** Events that the page keeps. */
const KEPT = 3000;

/**
 * Asks the console.
 * @param {string} path
 * @param {object} [sent] makes it a POST
 */
export async function ask(path, sent) {
  const response = await fetch(
    BASE + path,
    sent && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(sent),
    },
  );
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `The console answered ${response.status}.`);
  return answer;
}

/**
 * The requests so far, which grow, and whether the local cloud is there.
 * @returns {{ events: any[], isLive: boolean }}
 */
export function useTimeline() {
  const [state, setState] = useState({ events: /** @type {any[]} */ ([]), isLive: false });
  useEffect(() => {
    const source = new EventSource(`${BASE}events`);
    /** @type {any[]} */
    let waiting = [];
    let isFresh = false;
    let frame = 0;
    // Many requests in a moment are one change of the page.
    const flush = () => {
      frame = 0;
      const [added, clears] = [waiting, isFresh];
      waiting = [];
      isFresh = false;
      setState(({ events }) => ({
        isLive: true,
        events: (clears ? added : [...events, ...added]).slice(-KEPT),
      }));
    };
    source.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      if (message.isFresh) {
        waiting = [];
        isFresh = true;
      }
      waiting.push(...message.events);
      frame ||= window.setTimeout(flush, 40);
    };
    source.onerror = () => setState((before) => ({ ...before, isLive: false }));
    return () => {
      window.clearTimeout(frame);
      source.close();
    };
  }, []);
  return state;
}

/**
 * What there is, looked at soon after something may have changed it.
 * @param {any[]} events
 * @returns {{ inventory: any, problem: string }} the problem is why the local cloud can't say
 */
export function useInventory(events) {
  const [inventory, setInventory] = useState(/** @type {any} */ (undefined));
  const [problem, setProblem] = useState('');
  const last = useRef('');
  const look = useRef(() => {});
  useEffect(() => {
    let timer = 0;
    let isLooking = false;
    const again = (/** @type {number} */ delay) => {
      window.clearTimeout(timer);
      timer = window.setTimeout(now, delay);
    };
    const now = async () => {
      // A page that nobody sees needs no news, but something to show.
      if (isLooking || (document.hidden && last.current)) return again(CALM);
      isLooking = true;
      try {
        const found = await ask('inventory');
        const text = JSON.stringify({ ...found, now: 0 });
        if (text !== last.current) setInventory(found);
        last.current = text;
        setProblem('');
      } catch (error) {
        // A local cloud that does not answer has stopped; the timeline says so.
        if (!(error instanceof TypeError)) setProblem(/** @type {Error} */ (error).message);
      } finally {
        isLooking = false;
        again(CALM);
      }
    };
    look.current = () => again(SOON);
    void now();
    return () => window.clearTimeout(timer);
  }, []);
  const newest = events.at(-1)?.id ?? 0;
  useEffect(() => look.current(), [newest]);
  return { inventory, problem };
}

/**
 * What a service or an app wrote, looked at again and again.
 * @param {string} of
 * @returns {{ lines: any[], left: number } | undefined}
 */
export function useLogs(of) {
  const [logs, setLogs] = useState(undefined);
  useEffect(() => {
    let timer = 0;
    let isOver = false;
    const look = async () => {
      try {
        const found = await ask(`logs?of=${encodeURIComponent(of)}`);
        if (!isOver) setLogs(found);
      } catch {
        // It has stopped; the timeline says so.
      }
      if (!isOver) timer = window.setTimeout(look, 1500);
    };
    void look();
    return () => {
      isOver = true;
      window.clearTimeout(timer);
    };
  }, [of]);
  return logs;
}

/**
 * The part of the page that the address names, and what leads to another.
 * @returns {[string, (part: string) => void]}
 */
export function usePart() {
  const read = () => new URLSearchParams(location.search).get('part') ?? 'timeline';
  const [part, setPart] = useState(read);
  useEffect(() => {
    const follow = () => setPart(read());
    window.addEventListener('popstate', follow);
    return () => window.removeEventListener('popstate', follow);
  }, []);
  const go = (/** @type {string} */ to) => {
    history.pushState(undefined, '', addressOf(to));
    setPart(to);
    window.scrollTo(0, 0);
  };
  return [part, go];
}

/** @param {string} part */
export function addressOf(part) {
  return `/?part=${encodeURIComponent(part)}`;
}
