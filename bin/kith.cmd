@echo off
rem Runs a command of this checkout with the Node it brings, from any folder.
setlocal
set "root=%~dp0.."
if not exist "%root%\node_modules\.kith-setup" (
  node "%root%\scripts\setup.js" || exit /b 1
)
if not defined NODE_COMPILE_CACHE set "NODE_COMPILE_CACHE=%root%\node_modules\.cache\kith"
"%root%\node_modules\.bin\node.cmd" --disable-warning=ExperimentalWarning --max-semi-space-size=1 "%root%\bin\kith.ts" %*
