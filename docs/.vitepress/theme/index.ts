// The faces of the system: no font is fetched from anywhere.
import theme from 'vitepress/theme-without-fonts';
import './style.css';

export default theme;
