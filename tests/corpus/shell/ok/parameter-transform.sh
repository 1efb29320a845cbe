echo ${a@Q} ${a@E} ${a@P} ${a@A} ${a@a} ${a[@]@K} ${@@Q}
