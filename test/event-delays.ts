// How soon a page of the lab has an event: a script for the page, and where it keeps what it has measured.

/** Run in a page before it loads; it and the kernel have one clock. Milliseconds, one number for each event shown. */
export const measureDelays = `
  window.delays = [];
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes)
      for (const node of addedNodes)
        if (node instanceof HTMLElement && node.matches('li[data-at]') && node.querySelector('details.event'))
          window.delays.push(Date.now() - Date.parse(node.dataset.at));
  }).observe(document, { childList: true, subtree: true });`;
