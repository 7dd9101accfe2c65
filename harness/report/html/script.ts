// The page's only script: a search field that hides what does not contain the words. Without it the page is whole.

export const script = `
const field = document.querySelector('#search');
const items = [...document.querySelectorAll('[data-searchable] > tr, details.case')];
const count = document.querySelector('#found');
field.closest('.search').hidden = false;
field.addEventListener('input', () => {
  const words = field.value.toLowerCase().split(/\\s+/).filter(Boolean);
  let shown = 0;
  for (const item of items) {
    const text = item.textContent.toLowerCase();
    item.hidden = !words.every((word) => text.includes(word));
    if (!item.hidden) shown++;
  }
  count.textContent = words.length > 0 ? shown + ' of ' + items.length + ' rows' : '';
});
const open = () => {
  const target = location.hash && document.getElementById(location.hash.slice(1));
  if (target && target.tagName === 'DETAILS') target.open = true;
};
addEventListener('hashchange', open);
open();
`;
