import { render } from 'preact';
import { App } from './app.js';
import './page.css';

const root = document.getElementById('page');
if (root === null) throw new Error('expected an element with the id "page"');
render(<App />, root);
