/** How the node reads what is typed into a search, for those who show what was found. */
export { foldLiteral, searchTerms, type SearchTerms } from '@kith/core/base/search-terms';
export { wordsOf } from '@kith/core/base/words';
