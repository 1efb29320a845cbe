echo $(a # comment )
)
