// Reads diagrams as JSON from stdin, and answers as JSON what the TestScheduler of RxJS makes of each: one line of text.
'use strict';
const { tap } = require('rxjs');
const { TestScheduler } = require('rxjs/testing');

// So that a value is not its key, and comes from a table, as it does in most tests. The table has no K.
const values = (marbles) => Object.fromEntries([...marbles].filter((key) => key !== 'K').map((key) => [key, `<${key}>`]));

const text = (messages) =>
  messages.map(({ frame, notification: n }) => `${n.kind === 'N' ? n.value : n.kind === 'C' ? '|' : `#${n.error}`}@${frame}`).join(' ');

const span = (log) => (log.subscribedFrame === Infinity ? 'never' : `${log.subscribedFrame}..${log.unsubscribedFrame}`);

// One log for all three subscribers, so that the order of what happens in one frame is compared as well.
function run({ cold, hot, error, subscriptions }) {
  const log = [];
  const scheduler = new TestScheduler(() => {});
  scheduler.run((helpers) => {
    const hotSource = helpers.hot(hot, values(hot), error);
    const coldSource = helpers.cold(cold, values(cold), error);
    [hotSource, coldSource, hotSource].forEach((source, i) => {
      const note = (what) => log.push(`${i}:${what}@${scheduler.frame}`);
      const noted = source.pipe(tap({ next: note, error: (e) => note(`#${e}`), complete: () => note('|') }));
      helpers.expectObservable(noted, subscriptions[i]);
    });
    helpers.flush();
    log.push('hot', ...hotSource.subscriptions.map(span), 'cold', ...coldSource.subscriptions.map(span));
  });
  return log.join(' ');
}

function parse({ kind, marbles, error }) {
  return new TestScheduler(() => {}).run((helpers) => {
    switch (kind) {
      case 'cold':
        return text(helpers.cold(marbles, values(marbles), error).messages);
      case 'hot':
        return text(helpers.hot(marbles, values(marbles), error).messages);
      case 'subscription':
        return span(TestScheduler.parseMarblesAsSubscriptions(marbles, true));
      case 'time':
        return String(helpers.time(marbles));
    }
  });
}

function answer(question) {
  try {
    return question.kind === 'run' ? run(question) : parse(question);
  } catch (e) {
    return `throws ${e.message}`;
  }
}

const input = [];
process.stdin.on('data', (chunk) => input.push(chunk));
process.stdin.on('end', () => process.stdout.write(JSON.stringify(JSON.parse(Buffer.concat(input).toString('utf8')).map(answer))));
