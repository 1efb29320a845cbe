echo "`date "+%s"`" "`echo \"a\"`"
